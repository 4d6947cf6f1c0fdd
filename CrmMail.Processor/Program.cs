var builder = WebApplication.CreateBuilder(args);

builder.AddBasicServiceDefaults();
builder.AddRedisClient("redis");
builder.AddNpgsqlDataSource("crm");

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
