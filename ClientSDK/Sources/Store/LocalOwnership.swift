internal import Synchronization

/// Sees to it that one principal alone works with a local store: the first one that signs in.
final class LocalOwnership: Sendable {
    private let store: LocalStore
    private let owner: Mutex<LocalOwner?>

    /// The ownership of a store, with the owner that is kept there.
    init(of store: LocalStore, _ owner: LocalOwner?) {
        self.store = store
        self.owner = Mutex(owner)
    }

    /// Keeps who has signed in, or finds that it is who did before.
    ///
    /// - Parameters:
    ///   - identity: Who has signed in.
    ///   - key: What signs a guest in again.
    /// - Throws: `otherPrincipal` for somebody else, `storage` where it cannot be kept.
    func admit(_ identity: Identity?, _ key: GuestKey?) async throws(DocketClientError) {
        guard let principal = identity?.party.id else { return }
        let guest = key.map { LocalOwner.Guest(secret: $0.secret, newName: nil) }
        let signedIn = LocalOwner(id: principal, guest: guest)
        let known = owner.withLock { $0 }
        if let known, known.id != principal {
            throw .otherPrincipal("the profile belongs to \(known.id), and \(principal) signed in")
        }
        guard known != signedIn else { return }
        do throws(LocalStoreError) {
            try await store.commit([.owner(signedIn)])
        } catch {
            throw DocketClientError(error)
        }
        owner.withLock { $0 = signedIn }
    }
}
