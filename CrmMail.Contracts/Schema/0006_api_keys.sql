-- Who may call the Api. Keys are random, so their SHA-256 is all that is kept.
--   insert ... on conflict (sha256) do nothing

create table api_keys (
    sha256      bytea       primary key,
    name        text        not null,
    scopes      text[]      not null,
    created_at  timestamptz not null default now(),
    revoked_at  timestamptz,

    constraint api_keys_sha256_fits check (octet_length(sha256) = 32),
    constraint api_keys_has_scopes check (cardinality(scopes) > 0)
);
