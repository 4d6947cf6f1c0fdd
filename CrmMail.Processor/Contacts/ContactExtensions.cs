namespace CrmMail.Processor.Contacts;

internal static class ContactExtensions
{
    /// <summary>Contacts that nobody enters.</summary>
    public static void AddContacts(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PersonalAddresses>();
        builder.Services.AddSingleton<PolicyContacts>();
    }
}
