/// Takes the step "log_first" back: a store as it was when every commit wrote the rows and an index
/// of the log.
let earlierLog = """
    DROP TABLE conversation_entry;
    ALTER TABLE request DROP COLUMN through;
    INSERT OR REPLACE INTO creation(id, "offset", principal, digest)
        SELECT command, "offset", command_principal, command_digest FROM log
        WHERE command IS NOT NULL;
    ALTER TABLE log DROP COLUMN command;
    ALTER TABLE log DROP COLUMN command_digest;
    ALTER TABLE log DROP COLUMN command_principal;
    ALTER TABLE log DROP COLUMN chain;
    CREATE INDEX log_by_conversation ON log(conversation);
    CREATE TABLE search_progress(
        id INTEGER PRIMARY KEY CHECK (id = 1),
        indexed_up_to INTEGER NOT NULL
    ) STRICT;
    INSERT INTO search_progress SELECT 1, through FROM follower WHERE name = 'search';
    DROP TABLE follower;
    DELETE FROM grdb_migrations WHERE identifier IN ('log_first', 'sign_outs');
    """
