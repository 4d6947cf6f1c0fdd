-- Which rule led from an address of a mail to a contact, and mailboxes at Gmail, which have many addresses.

-- The mailbox at Gmail behind an address, in one spelling; null of an address elsewhere. EmailAddress.GmailMailbox says the same.
create function gmail_mailbox(address text) returns text
language sql immutable strict parallel safe
return nullif(replace(substring(address from '^([^+]*).*@(?:gmail|googlemail)[.]com$'), '.', ''), '') || '@gmail.com';

-- The smallest id is the contact that was made first.
create index contact_addresses_by_gmail_mailbox on contact_addresses (gmail_mailbox(address), contact_id) where gmail_mailbox(address) is not null;
create index account_addresses_by_gmail_mailbox on account_addresses (gmail_mailbox(address)) where gmail_mailbox(address) is not null;

-- The closest rule of all addresses of the contact in that role. Null of links from before rules were stored, until a replay takes them along.
alter table activity_contacts
    add column matched_by text collate "C",
    add constraint activity_contacts_rule_known check (matched_by in ('exact', 'plus-tag', 'same-gmail'));
