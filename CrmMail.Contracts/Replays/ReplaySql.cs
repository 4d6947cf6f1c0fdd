namespace CrmMail.Contracts;

/// <summary>What both who ends a replay by itself and who cancels it write.</summary>
public static class ReplaySql
{
    /// <summary>Completes a statement whose <c>ended</c> returns id, state and error of a run: what came of it, beside the request in the audit.</summary>
    public const string AddResult = """
        update operations_audit
        set result = (
            select jsonb_strip_nulls(jsonb_build_object(
                'state', ended.state,
                'error', ended.error,
                'added', coalesce(sum(added), 0),
                'changed', coalesce(sum(changed), 0),
                'moved', coalesce(sum(moved), 0),
                'removed', coalesce(sum(removed), 0)))
            from replay_partitions
            where replay_partitions.run_id = ended.id)
        from ended
        where operations_audit.run_id = ended.id
          and action = 'replay.start'
        """;
}
