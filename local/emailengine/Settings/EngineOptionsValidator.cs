using EmailEngineSimulator.Auth;
using EmailEngineSimulator.Http;
using EmailEngineSimulator.Time;
using Microsoft.Extensions.Options;

namespace EmailEngineSimulator.Settings;

/// <summary>Refuses to start on a wrong variable, with one line that names it.</summary>
internal sealed class EngineOptionsValidator(ApiDescription api) : IValidateOptions<EngineOptions>
{
    public ValidateOptionsResult Validate(string? name, EngineOptions options)
    {
        List<string> failures = [];
        Check("EENGINE_HOST", () => ListenAddress.ParseHost(options.Host));
        Check("EENGINE_PORT", () => ListenAddress.ParsePort(options.Port));
        Check("EENGINE_PREPARED_TOKEN", () => PreparedToken.Parse(options.PreparedToken));
        Check("EENGINE_SETTINGS", () => EngineSettings.Parse(options.Settings, api));
        Check("SIMULATOR_SPEEDUP", () => Pace.ParseSpeedUp(options.SpeedUp));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(string variable, Action parse)
        {
            try
            {
                parse();
            }
            catch (FormatException exception)
            {
                failures.Add($"{variable}: {exception.Message}");
            }
        }
    }
}
