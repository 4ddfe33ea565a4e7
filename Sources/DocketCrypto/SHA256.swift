internal import COpenSSL

/// SHA-256 (FIPS 180-4), in one go or piece by piece.
///
/// A function of the library that fails here can only have run out of memory, which ends the
/// process as it would in any allocation of Swift's.
@safe package struct SHA256: ~Copyable {
    /// Looked up once: OpenSSL 3 takes longer to find an algorithm than to hash a short text.
    static let algorithm = Algorithm()

    private let context: OpaquePointer

    /// Starts a digest over no bytes.
    package init() {
        guard let context = unsafe EVP_MD_CTX_new() else {
            preconditionFailure("no memory for a digest")
        }
        unsafe self.context = context
        let status = unsafe EVP_DigestInit_ex2(context, Self.algorithm.pointer, nil)
        precondition(status == 1, "SHA-256 could not be started")
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
    }

    /// Adds bytes.
    package mutating func update(_ bytes: RawSpan) {
        let status = unsafe bytes.withUnsafeBytes { buffer in
            unsafe EVP_DigestUpdate(context, buffer.baseAddress, buffer.count)
        }
        precondition(status == 1, "SHA-256 could not be continued")
    }

    /// Ends the digest and returns it.
    package consuming func finish() -> SHA256Digest { final() }

    /// Ends the digest, returns it, and starts another with the same context.
    mutating func finishAndBeginAnew() -> SHA256Digest {
        let digest = final()
        let status = unsafe EVP_DigestInit_ex2(context, Self.algorithm.pointer, nil)
        precondition(status == 1, "SHA-256 could not be started")
        return digest
    }

    private func final() -> SHA256Digest {
        unsafe SHA256Digest { (target: UnsafeMutableRawBufferPointer) in
            let bytes = unsafe target.bindMemory(to: UInt8.self)
            let status = unsafe EVP_DigestFinal_ex(context, bytes.baseAddress, nil)
            precondition(status == 1, "SHA-256 could not be finished")
        }
    }

    /// The digest of some bytes.
    package static func digest(of bytes: RawSpan) -> SHA256Digest {
        unsafe SHA256Digest { (target: UnsafeMutableRawBufferPointer) in
            let digest = unsafe target.bindMemory(to: UInt8.self)
            let status = unsafe bytes.withUnsafeBytes { buffer in
                unsafe EVP_Digest(
                    buffer.baseAddress,
                    buffer.count,
                    digest.baseAddress,
                    nil,
                    algorithm.pointer,
                    nil
                )
            }
            precondition(status == 1, "SHA-256 failed")
        }
    }

    /// The library's description of SHA-256.
    ///
    /// Sendable although it holds a pointer: the library never changes what it points to.
    @safe struct Algorithm: @unchecked Sendable {
        let pointer: OpaquePointer

        init() {
            guard let fetched = unsafe EVP_MD_fetch(nil, "SHA256", nil) else {
                preconditionFailure("the system's OpenSSL has no SHA-256")
            }
            unsafe pointer = fetched
        }
    }
}

@available(*, unavailable)
extension SHA256: Sendable {}
