var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddNpgsqlDataSource("crm");

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
