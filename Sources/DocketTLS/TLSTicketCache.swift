internal import COpenSSL
internal import Synchronization

/// The newest ticket of each server, for a bounded number of servers.
final class TLSTicketCache: Sendable {
    private struct State {
        var tickets: [TLSServerName: TLSTicket] = [:]
        /// Server names from the one whose ticket is oldest to the newest.
        var order: [TLSServerName] = []
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) {
        self.limit = max(0, limit)
    }

    /// The newest ticket of a server.
    func ticket(for name: TLSServerName) -> TLSTicket? {
        state.withLock { $0.tickets[name] }
    }

    /// Keeps a ticket in place of the server's older one; the server not heard of for longest
    /// makes room.
    func keep(_ ticket: TLSTicket, for name: TLSServerName) {
        guard limit > 0 else { return }
        state.withLock { state in
            if state.tickets.updateValue(ticket, forKey: name) != nil {
                state.order.removeAll { $0 == name }
            } else if state.order.count == limit {
                state.tickets[state.order.removeFirst()] = nil
            }
            state.order.append(name)
        }
    }

    /// Forgets the ticket of a server that has turned out to be of no use.
    func forget(_ name: TLSServerName) {
        state.withLock { state in
            guard state.tickets.removeValue(forKey: name) != nil else { return }
            state.order.removeAll { $0 == name }
        }
    }
}

/// One ticket of a server, with the secrets that belong to it.
///
/// A ticket of TLS 1.3 is good for one handshake; OpenSSL marks it when that succeeds, and the
/// server sends the next one.
///
/// Sendable although it holds a pointer: OpenSSL counts references atomically, and sets that mark
/// under a lock of its own.
@safe final class TLSTicket: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Takes over one reference to a session of OpenSSL's.
    init(owning pointer: OpaquePointer) {
        unsafe self.pointer = unsafe pointer
    }

    deinit {
        unsafe SSL_SESSION_free(pointer)
    }
}
