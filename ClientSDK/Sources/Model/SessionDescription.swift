/// Who a connection acts as, at one moment.
public struct SessionDescription: Hashable, Sendable {
    /// Who is signed in.
    public let identity: Identity
    /// How long the session lasts; the client signs in again by itself.
    public let expiresIn: Duration
}
