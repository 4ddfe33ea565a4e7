extension Schema {
    /// What the step "sign_in" adds: agents who are locked out, keys that end by themselves, when
    /// keys were used, and which key opened a session.
    ///
    /// An existing session has no key: it ends with any key of its principal.
    static let signIn = [
        "ALTER TABLE principal ADD COLUMN locked_at INTEGER",
        "ALTER TABLE api_key ADD COLUMN expires_at INTEGER",
        "ALTER TABLE api_key ADD COLUMN last_used_at INTEGER",
        "ALTER TABLE session ADD COLUMN key_id TEXT",
    ]
}
