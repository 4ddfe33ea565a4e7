extension Schema {
    /// What the step "tickets" adds: which request is what a partner calls by an external key.
    ///
    /// The rows stand in the order of the keys, in which partners list them. No index leads from a
    /// request to its key: the request has it among its details.
    static let tickets = [
        """
        CREATE TABLE ticket(
            partner INTEGER NOT NULL REFERENCES principal("key"),
            external_key TEXT NOT NULL,
            request INTEGER NOT NULL REFERENCES request(number),
            digest BLOB NOT NULL,
            PRIMARY KEY(partner, external_key)
        ) STRICT, WITHOUT ROWID
        """
    ]
}
