package import DocketDomain

/// Reads who may sign in, with their keys and sessions.
package protocol IdentityReading {
    /// A principal.
    func principal(_ id: PrincipalID) throws(StoreError) -> PrincipalRecord?
    /// The agent who signs in with a login.
    func agent(login: String) throws(StoreError) -> PrincipalRecord?
    /// The agents with a login behind one, by the bytes of their logins.
    func agents(after login: String, limit: Int) throws(StoreError) -> [PrincipalRecord]
    /// How many administrators may sign in, counted up to a limit.
    func activeAdministrators(limit: Int) throws(StoreError) -> Int
    /// The contact whom an integration's channel knows by a name.
    func contact(
        of integration: PrincipalID,
        externalID: String
    ) throws(StoreError) -> PrincipalRecord?
    /// A key, also one that has been revoked.
    func apiKey(_ keyID: String) throws(StoreError) -> APIKeyRecord?
    /// The keys behind one, by key id; also those that have ended.
    func apiKeys(after keyID: String, limit: Int) throws(StoreError) -> [APIKeyEntry]
    /// A session that has not been ended; it may have expired.
    func session(_ token: Digest) throws(StoreError) -> SessionRecord?
    /// Whether a session has not been ended, whatever else can be read of it.
    func hasSession(_ token: Digest) throws(StoreError) -> Bool
    /// The sessions of a principal beyond so many that end last, the one that ends last first.
    func sessions(
        of principal: PrincipalID,
        beyond count: Int
    ) throws(StoreError) -> [SessionEntry]
}
