namespace Aspire.Hosting;

/// <summary>What the application is built for.</summary>
public enum DistributedApplicationOperation
{
    /// <summary>It runs on this machine.</summary>
    Run,

    /// <summary>Files for a deployment are written.</summary>
    Publish,
}

/// <summary>Whether the application runs or is published.</summary>
/// <param name="operation">What it is built for.</param>
public class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
{
    /// <summary>What it is built for.</summary>
    public DistributedApplicationOperation Operation { get; } = operation;

    /// <summary>Whether it runs on this machine.</summary>
    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

    /// <summary>Whether files for a deployment are written.</summary>
    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;
}
