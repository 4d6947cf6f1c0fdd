-- Events of an account that was removed may still be in Kafka, or be replayed: whatever was received before this moment is not let in
-- any more. 'infinity' when the account is removed, the moment at which it is connected again after that, null if it never was removed.

alter table accounts add column forgotten_before timestamptz;
