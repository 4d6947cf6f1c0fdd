namespace Aspire.Hosting.Local;

/// <summary>Runs what a project of the solution was built to.</summary>
internal static class ProjectProcess
{
    /// <param name="projectPath">The project file.</param>
    /// <param name="assemblyName">What it is built to; null when that has the project's name.</param>
    /// <exception cref="DistributedApplicationException">The project is not built.</exception>
    public static ProcessSpec Of(string projectPath, string? assemblyName = null)
    {
        var name = Path.GetFileNameWithoutExtension(projectPath);

        // The artifacts layout puts every project's output beside this one's: artifacts/bin/PROJECT/CONFIGURATION.
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var assembly = Path.Combine(own.Parent!.Parent!.FullName, name, own.Name, $"{assemblyName ?? name}.dll");
        return File.Exists(assembly)
            ? new("dotnet", [assembly]) { WorkingDirectory = Path.GetDirectoryName(projectPath) }
            : throw new DistributedApplicationException($"{name} is not built: there is no {assembly}.");
    }
}
