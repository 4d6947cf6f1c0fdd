using CrmMail.Cli;

return await new CrmMailCommandLine(Surroundings.OfProcess()).RunAsync(args, CancellationToken.None);
