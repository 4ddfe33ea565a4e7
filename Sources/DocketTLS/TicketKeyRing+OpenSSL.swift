internal import COpenSSL
internal import DocketCrypto

extension TicketKeyRing {
    /// Makes a context protect and open its tickets with these keys.
    ///
    /// The context refers to the ring without owning it, so the ring's owner must outlive the
    /// context and its sessions; `TLSServerContext` sees to that.
    ///
    /// - Returns: 1 on success.
    func serve(_ context: OpaquePointer) -> Int32 {
        let reference = unsafe Unmanaged.passUnretained(self).toOpaque()
        guard unsafe SSL_CTX_set_ex_data(context, ringIndex, reference) == 1 else { return 0 }
        return unsafe SSL_CTX_set_tlsext_ticket_key_evp_cb(context, prepareTicket)
    }

    fileprivate func seal(
        name: UnsafeMutablePointer<UInt8>,
        vector: UnsafeMutablePointer<UInt8>,
        cipher: OpaquePointer,
        code: OpaquePointer
    ) -> TicketOutcome {
        let key = keys.current
        unsafe name.update(from: key.name, count: TicketKey.nameLength)
        guard unsafe RAND_bytes(vector, TicketKey.vectorLength) == 1 else { return .failed }
        return unsafe key.prepare(cipher: cipher, code: code, vector: vector, sealing: true)
            ? .accepted : .failed
    }

    fileprivate func open(
        name: UnsafeMutablePointer<UInt8>,
        vector: UnsafeMutablePointer<UInt8>,
        cipher: OpaquePointer,
        code: OpaquePointer
    ) -> TicketOutcome {
        let keys = keys
        let name = unsafe Array(UnsafeBufferPointer(start: name, count: TicketKey.nameLength))
        let isCurrent = keys.current.name == name
        guard let key = isCurrent ? keys.current : keys.previous, key.name == name else {
            return .unknown
        }
        guard unsafe key.prepare(cipher: cipher, code: code, vector: vector, sealing: false) else {
            return .failed
        }
        return isCurrent ? .accepted : .acceptedForRenewal
    }
}

/// The index of an SSL_CTX's data that OpenSSL leaves to applications (`SSL_CTX_set_app_data`).
private let ringIndex: Int32 = 0

/// What the library's ticket callback may answer.
private enum TicketOutcome: Int32 {
    case failed = -1
    /// The handshake goes on without resumption.
    case unknown = 0
    case accepted = 1
    /// The ticket is good, and a new one under the current key replaces it.
    case acceptedForRenewal = 2
}

/// Finds the ring of a handshake and lets it prepare the keys of a ticket.
private func prepareTicket(
    ssl: OpaquePointer?,
    name: UnsafeMutablePointer<UInt8>?,
    vector: UnsafeMutablePointer<UInt8>?,
    cipher: OpaquePointer?,
    code: OpaquePointer?,
    sealing: Int32
) -> Int32 {
    guard let ssl = unsafe ssl, let name = unsafe name, let vector = unsafe vector,
        let cipher = unsafe cipher, let code = unsafe code,
        let reference = unsafe SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), ringIndex)
    else { return TicketOutcome.failed.rawValue }
    let ring = unsafe Unmanaged<TicketKeyRing>.fromOpaque(reference).takeUnretainedValue()
    if sealing == 1 {
        return unsafe ring.seal(name: name, vector: vector, cipher: cipher, code: code).rawValue
    }
    let outcome = unsafe ring.open(name: name, vector: vector, cipher: cipher, code: code)
    // In TLS 1.3 a client uses a ticket once (RFC 8446, appendix C.4), so it needs another.
    let isUsedOnce = unsafe SSL_version(ssl) == TLS1_3_VERSION
    return (outcome == .accepted && isUsedOnce ? .acceptedForRenewal : outcome).rawValue
}
