-- To whom an address of nobody may belong: a contact of the same name with an address at the same domain. A person decides.

-- By what two names are the same: their words, whatever the case, the order and the marks between them ("Berg, Ann" is "ann berg"). Null
-- where no word is left, and of what is too long for the name of a person. PersonNameKey says the same.
create function person_name_key(name text) returns text
language sql immutable strict parallel safe
return (
    select string_agg(word, ' ' order by word collate "C")
    from regexp_split_to_table(lower(name), '[ -/:-@[-`{-~]+') as word
    where word <> ''
      and length(name) <= 100);

create index contacts_by_name_key on contacts (person_name_key(name));

-- The names with which addresses of nobody stand in mails, each once: their words alone. What is here follows from the mails; it counts as
-- long as the ledger has mails of the address that lead to nobody.
create table address_names (
    address   text  collate "C" not null,
    name_key  text  collate "C" not null,

    primary key (address, name_key)
);

create index address_names_by_key on address_names (name_key);

-- What a person said: the address is not the contact's.
create table dismissed_suggestions (
    contact_id    uuid        not null references contacts on delete cascade,
    address       text        collate "C" not null,
    -- The name of the API key.
    dismissed_by  text        not null,
    dismissed_at  timestamptz not null default now(),

    primary key (contact_id, address)
);
