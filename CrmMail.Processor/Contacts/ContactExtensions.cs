namespace CrmMail.Processor.Contacts;

internal static class ContactExtensions
{
    /// <summary>Contacts that nobody enters, and people who may be contacts.</summary>
    public static void AddContacts(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PersonalAddresses>();
        builder.Services.AddSingleton<PolicyContacts>();
        builder.Services.AddSingleton<Strangers>();
    }
}
