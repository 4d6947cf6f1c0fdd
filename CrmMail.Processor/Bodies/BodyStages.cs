using CrmMail.Contracts;
using Microsoft.Extensions.Options;

namespace CrmMail.Processor.Bodies;

/// <summary>Makes the stages of workers; they keep buffers of their own and are not shared.</summary>
internal sealed class BodyStages(MasterKeys masterKeys, Redactor redactor, IOptions<BodyOptions> options, TimeProvider time)
{
    /// <summary>One that writes to the real tables.</summary>
    public BodyStage Create() => Create(new BodyTable(masterKeys));

    /// <summary>One that writes to a draft.</summary>
    public BodyStage CreateForDraft() => Create(new DraftBodyTable(masterKeys));

    private BodyStage Create(IBodyTable table) => new(table, new BodyRules(redactor, options.Value.MaxLength), options.Value, time);
}
