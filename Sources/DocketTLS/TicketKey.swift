internal import COpenSSL
internal import DocketCrypto

/// One generation of the keys that protect session tickets (RFC 5077, section 4).
struct TicketKey: Sendable, Equatable {
    static let nameLength = 16
    /// The block length of AES, and so of an initialization vector, in bytes.
    static let vectorLength: Int32 = 16
    static let encryptionKeyLength = 32
    static let authenticationKeyLength = 32
    static let length = nameLength + encryptionKeyLength + authenticationKeyLength

    /// The name, which stands in the clear at the head of each ticket.
    let name: [UInt8]
    /// For AES-256-CBC.
    let encryption: Secret
    /// For HMAC-SHA-256.
    let authentication: Secret
    /// When the key was made.
    let created: UnixTime

    /// Makes a key of fresh random bytes.
    init(created: UnixTime, using generator: inout some RandomNumberGenerator) {
        var bytes: [UInt8] = []
        for _ in 0..<Self.length {
            bytes.append(UInt8.random(in: .min ... .max, using: &generator))
        }
        self.init(bytes: bytes, created: created)
    }

    /// Makes a key of `length` bytes, which only its owners know.
    init(bytes: [UInt8], created: UnixTime) {
        name = Array(bytes.prefix(Self.nameLength))
        encryption = Secret(
            Array(bytes.dropFirst(Self.nameLength).prefix(Self.encryptionKeyLength))
        )
        authentication = Secret(Array(bytes.suffix(Self.authenticationKeyLength)))
        self.created = created
    }

    /// The bytes that the key was made of.
    var bytes: [UInt8] {
        name + encryption.withBytes(Array.init(copying:))
            + authentication.withBytes(Array.init(copying:))
    }

    /// Prepares the library's contexts to protect a ticket, or to open one.
    func prepare(
        cipher: OpaquePointer,
        code: OpaquePointer,
        vector: UnsafeMutablePointer<UInt8>,
        sealing: Bool
    ) -> Bool {
        let isCipherReady = encryption.withBytes { key in
            unsafe key.withUnsafeBytes { buffer in
                let start = unsafe buffer.bindMemory(to: UInt8.self).baseAddress
                return unsafe EVP_CipherInit_ex(
                    cipher,
                    EVP_aes_256_cbc(),
                    nil,
                    start,
                    vector,
                    sealing ? 1 : 0
                )
            }
        }
        let isCodeReady = authentication.withBytes { key in
            unsafe key.withUnsafeBytes { buffer in
                let start = unsafe buffer.bindMemory(to: UInt8.self).baseAddress
                return unsafe docket_tls_ticket_code_init(code, start, buffer.count)
            }
        }
        return isCipherReady == 1 && isCodeReady == 1
    }
}

extension [UInt8] {
    /// Copies the bytes of a span.
    init(copying span: RawSpan) {
        self = unsafe span.withUnsafeBytes { unsafe Array($0) }
    }
}
