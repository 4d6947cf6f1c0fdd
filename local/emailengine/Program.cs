using EmailEngineSimulator;

var builder = WebApplication.CreateBuilder(args);
builder.AddEmailEngine();

var app = builder.Build();
app.MapEmailEngine();

await app.RunAsync();
