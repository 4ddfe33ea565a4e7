internal import COpenSSL
internal import DocketCrypto

/// One TLS connection without a socket.
///
/// Whoever owns the socket gives the session what arrives (`receive`), sends what it has pending
/// (`takeCiphertext`, after every other call), and gets plaintext in between. The session never
/// waits, never calls back and keeps no time: it is used by one thread, from one place.
///
///     socket ── ciphertext ──► receive ────► plaintext
///     socket ◄─ takeCiphertext ◄── write ◄── plaintext
///
/// Freeing a session in any state is safe, and leaves its tickets good unless it failed.
@safe package struct TLSSession: ~Copyable {
    /// The application protocol of Docket, version 1.
    package static let applicationProtocol = "docket/1"

    /// How many KeyUpdate messages a peer may send within a minute; the next one ends the session.
    package static let keyUpdateLimit = Int(DOCKET_TLS_KEY_UPDATE_LIMIT)

    /// The most ciphertext in bytes that a session keeps for an owner whose output was full.
    package static let heldCiphertextLimit = Int(DOCKET_TLS_HELD_CIPHERTEXT_LIMIT)

    /// The most plaintext in bytes of one record (RFC 8446, section 5.1).
    ///
    /// Longer writes become several records; shorter ones are worth joining, since a record costs
    /// the same when small.
    package static let recordLimit = Int(SSL3_RT_MAX_PLAIN_LENGTH)

    /// Where a session stands.
    package enum State: Equatable, Sendable {
        /// Nothing can be written yet.
        case handshaking
        /// Both sides may send.
        case established
        /// The peer has closed its side; ours may still send.
        case closedByPeer
        /// We have closed. What still arrives is ignored.
        case closed
        /// The connection is over, and not in good order.
        case failed(TLSError)
    }

    /// Which side we are, and what has to outlive the session.
    private enum Role {
        case server(TLSServerContext)
        case client(TLSClientContext, TLSServerName)
    }

    private let session: OpaquePointer
    private let role: Role

    /// Where the session stands.
    package private(set) var state = State.handshaking

    /// Makes the server's side of a connection.
    ///
    /// It waits for the client to begin.
    package init(server context: TLSServerContext) throws(TLSError) {
        unsafe session = try Self.make(
            context.context,
            isServer: true,
            time: context.verificationTime
        )
        role = .server(context)
    }

    /// Makes the client's side of a connection; its first message is pending at once.
    ///
    /// The server must prove that it bears `name`. If the context has a ticket of this server, it
    /// is offered for resumption.
    package init(client context: TLSClientContext, name: TLSServerName) throws(TLSError) {
        unsafe session = try Self.make(context, name: name)
        role = .client(context, name)
        // A step without input writes the ClientHello; were it to fail, the state would say so.
        var nowhere = OutputRawSpan()
        _ = receive(RawSpan(), into: &nowhere, at: .zero)
    }

    deinit {
        unsafe docket_tls_session_free(session)
    }

    private static func make(
        _ context: TLSContext,
        isServer: Bool,
        time: UnixTime?
    ) throws(TLSError) -> OpaquePointer {
        guard let session = unsafe docket_tls_session_new(context.pointer, isServer ? 1 : 0) else {
            throw TLSError(.internalFailure, detail: "no memory for a session")
        }
        if let time {
            unsafe docket_tls_session_set_verification_time(session, time.seconds)
        }
        return unsafe session
    }

    private static func make(
        _ context: TLSClientContext,
        name: TLSServerName
    ) throws(TLSError) -> OpaquePointer {
        let session = unsafe try make(
            context.context,
            isServer: false,
            time: context.verificationTime
        )
        let isAddress = if case .address = name { true } else { false }
        let isExpected = unsafe docket_tls_session_expect_name(
            session,
            name.description,
            isAddress ? 1 : 0
        )
        guard isExpected == 1 else {
            unsafe docket_tls_session_free(session)
            throw TLSError(.internalFailure, detail: OpenSSLErrors.drain())
        }
        if let ticket = context.tickets.ticket(for: name) {
            // A ticket that does not fit is no harm: the handshake is a full one then.
            _ = unsafe docket_tls_session_offer_ticket(session, ticket.pointer)
        }
        return unsafe session
    }
}

// MARK: - Receiving

extension TLSSession {
    /// Takes ciphertext, steps the handshake, and decrypts until input or output is used up.
    ///
    /// The ciphertext is read during the call only; what does not fit is kept, up to
    /// `heldCiphertextLimit`. Good bytes may stand before a close or a failure, so look at
    /// `plaintextCount` first. After `outputFull` call again with nothing (or with more) before
    /// anything else is concluded. The call may produce ciphertext to send, whatever its ending:
    /// handshake messages, tickets, answers to KeyUpdate, alerts.
    ///
    /// A client's handshake is complete when the server has not yet judged the client's
    /// certificate (RFC 8446, section 4.4): a refusal arrives as an alert afterwards, so a client
    /// is accepted only once the server has answered in the application's protocol.
    ///
    /// - Parameters:
    ///   - ciphertext: what has arrived, in any portions.
    ///   - plaintext: where decrypted bytes are appended.
    ///   - now: a monotonic clock's reading; only its differences matter, and only to the limit
    ///     of KeyUpdate messages.
    /// - Returns: what came of it. Once closed or failed, the same answer for ever.
    package mutating func receive(
        _ ciphertext: RawSpan,
        into plaintext: inout OutputRawSpan,
        at now: Duration
    ) -> TLSReceipt {
        switch state {
        case .failed(let error):
            return TLSReceipt(plaintextCount: 0, completedHandshake: false, ending: .failed(error))
        case .closedByPeer, .closed:
            return TLSReceipt(plaintextCount: 0, completedHandshake: false, ending: .closed)
        case .handshaking, .established:
            return advance(ciphertext, into: &plaintext, at: now)
        }
    }

    /// Says that nothing will arrive any more, which is a failure unless the peer has closed.
    ///
    /// Without this distinction anybody on the way could cut a connection short unnoticed. Read
    /// on until the session is drained before.
    ///
    /// - Returns: the error; nil if the end was announced.
    package mutating func receivedEndOfInput() -> TLSError? {
        switch state {
        case .handshaking, .established:
            let error = TLSError(.truncated)
            state = .failed(error)
            return error
        case .closedByPeer, .closed:
            return nil
        case .failed(let error):
            return error
        }
    }

    private mutating func advance(
        _ ciphertext: RawSpan,
        into plaintext: inout OutputRawSpan,
        at now: Duration
    ) -> TLSReceipt {
        let wasHandshaking = state == .handshaking
        var count = 0
        let status = unsafe plaintext.withUnsafeMutableBytes { output, initialized in
            let free = unsafe UnsafeMutableRawBufferPointer(rebasing: output[initialized...])
            let status = unsafe decrypt(ciphertext, into: free, count: &count, at: now)
            initialized += count
            return status
        }
        keepTicket()
        let isEstablished = unsafe docket_tls_session_is_established(session) == 1
        let ending = conclude(status, isEstablished: isEstablished)
        return TLSReceipt(
            plaintextCount: count,
            completedHandshake: wasHandshaking && isEstablished,
            ending: ending
        )
    }

    private func decrypt(
        _ ciphertext: RawSpan,
        into output: UnsafeMutableRawBufferPointer,
        count: inout Int,
        at now: Duration
    ) -> docket_tls_status {
        let target = unsafe output.bindMemory(to: UInt8.self)
        let seconds = UInt64(clamping: now.components.seconds)
        return unsafe ciphertext.withUnsafeBytes { input in
            let source = unsafe input.bindMemory(to: UInt8.self)
            return unsafe docket_tls_session_receive(
                session,
                source.baseAddress,
                source.count,
                target.baseAddress,
                target.count,
                &count,
                seconds
            )
        }
    }

    private mutating func conclude(
        _ status: docket_tls_status,
        isEstablished: Bool
    ) -> TLSReceipt.Ending {
        switch status {
        case DOCKET_TLS_DRAINED, DOCKET_TLS_OUTPUT_FULL:
            if isEstablished { state = .established }
            return status == DOCKET_TLS_DRAINED ? .drained : .outputFull
        case DOCKET_TLS_CLOSED:
            state = .closedByPeer
            return .closed
        default:
            return .failed(fail())
        }
    }

    private func keepTicket() {
        guard case .client(let context, let name) = role,
            let ticket = unsafe docket_tls_session_take_ticket(session)
        else { return }
        unsafe context.tickets.keep(TLSTicket(owning: ticket), for: name)
    }

    /// Enters the failed state with what the shim noted.
    private mutating func fail() -> TLSError {
        let error = unsafe TLSError(docket_tls_session_failure(session).pointee)
        if case .client(let context, let name) = role {
            // The ticket may be the reason; without it the next attempt is a full handshake.
            context.tickets.forget(name)
        }
        state = .failed(error)
        return error
    }
}

// MARK: - Sending

extension TLSSession {
    /// Encrypts plaintext, all of it, into the pending ciphertext.
    ///
    /// Each call makes at least one record, so callers join what they have. The pending
    /// ciphertext has no limit of its own: who writes without sending decides how much piles up.
    ///
    /// - Throws: `notWritable` before the handshake and after `close`, else why the session failed.
    package mutating func write(_ plaintext: RawSpan) throws(TLSError) {
        switch state {
        case .established, .closedByPeer: break
        case .handshaking, .closed: throw TLSError(.notWritable)
        case .failed(let error): throw error
        }
        let status = unsafe plaintext.withUnsafeBytes { input in
            let source = unsafe input.bindMemory(to: UInt8.self)
            return unsafe docket_tls_session_write(session, source.baseAddress, source.count)
        }
        guard status != DOCKET_TLS_FAILED else { throw fail() }
    }

    /// Closes our side: close_notify is pending, and nothing is waited for.
    ///
    /// During the handshake there is nothing to announce, and after a failure nothing to save.
    package mutating func close() {
        switch state {
        case .established, .closedByPeer:
            if unsafe docket_tls_session_close(session) == DOCKET_TLS_FAILED {
                _ = fail()
            } else {
                state = .closed
            }
        case .handshaking:
            state = .closed
        case .closed, .failed:
            break
        }
    }

    /// How many bytes of ciphertext wait to be sent.
    package var pendingCiphertextCount: Int {
        var count = 0
        _ = unsafe docket_tls_session_pending(session, &count)
        return count
    }

    /// Moves pending ciphertext to the caller, as much as fits.
    package mutating func takeCiphertext(into output: inout OutputRawSpan) {
        var count = 0
        guard let pending = unsafe docket_tls_session_pending(session, &count) else { return }
        let taken = min(count, output.freeCapacity)
        unsafe output.append(copying: pending, count: taken)
        unsafe docket_tls_session_consume(session, taken)
    }
}

// MARK: - Facts and memory

extension TLSSession {
    /// What the handshake settled; nil until it is complete.
    package var peer: TLSPeer? {
        let ssl = unsafe self.ssl
        guard unsafe docket_tls_session_is_established(session) == 1,
            let version = unsafe TLSVersion(rawValue: SSL_version(ssl))
        else { return nil }
        return unsafe TLSPeer(
            version: version,
            applicationProtocol: selectedProtocol,
            isResumed: SSL_session_reused(ssl) == 1,
            names: peerNames
        )
    }

    /// How many bytes of ciphertext are kept because an output was full.
    var heldCiphertextCount: Int {
        unsafe docket_tls_session_held(session)
    }

    /// Gives back the buffers that are empty, which is most of a quiet session's memory.
    ///
    /// The next byte either way allocates them again, so this is for sessions that have been
    /// quiet for some seconds.
    package mutating func releaseIdleBuffers() {
        unsafe docket_tls_session_release_buffers(session)
    }

    /// The library's object, for facts and for tests.
    var ssl: OpaquePointer? {
        unsafe docket_tls_session_ssl(session)
    }

    private var selectedProtocol: String {
        var start: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        unsafe SSL_get0_alpn_selected(ssl, &start, &count)
        let bytes = unsafe UnsafeBufferPointer(start: start, count: Int(count))
        return unsafe String(decoding: bytes, as: UTF8.self)
    }

    private var peerNames: [SubjectAlternativeName] {
        guard let certificate = unsafe SSL_get1_peer_certificate(ssl) else { return [] }
        return unsafe Certificate(owning: certificate).alternativeNames
    }
}

@available(*, unavailable)
extension TLSSession: Sendable {}

extension OutputRawSpan {
    /// Appends bytes that the caller vouches for: `source` is readable and there is room.
    fileprivate mutating func append(copying source: UnsafePointer<UInt8>, count: Int) {
        unsafe withUnsafeMutableBytes { buffer, initialized in
            unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[initialized...])
                .copyMemory(from: UnsafeRawBufferPointer(start: source, count: count))
            initialized += count
        }
    }
}
