internal import COpenSSL

/// HMAC with SHA-256 (RFC 2104, FIPS 198-1).
package enum HMACSHA256 {
    /// The authentication code of some bytes under a key of any length.
    package static func code(for bytes: RawSpan, key: Secret) -> SHA256Digest {
        unsafe SHA256Digest { (target: UnsafeMutableRawBufferPointer) in
            let code = unsafe target.bindMemory(to: UInt8.self)
            let made = key.withBytes { keyBytes in
                unsafe compute(bytes, key: keyBytes, into: code)
            }
            precondition(made, "HMAC-SHA-256 failed")
        }
    }

    private static func compute(
        _ bytes: RawSpan,
        key: RawSpan,
        into code: UnsafeMutableBufferPointer<UInt8>
    ) -> Bool {
        // An empty key is legal, but a null pointer would mean "the key of the call before".
        let emptyKey: StaticString = ""
        return unsafe key.withUnsafeBytes { keyBuffer in
            unsafe bytes.withUnsafeBytes { buffer in
                let source = unsafe buffer.bindMemory(to: UInt8.self)
                let start = unsafe keyBuffer.baseAddress ?? UnsafeRawPointer(emptyKey.utf8Start)
                return unsafe HMAC(
                    SHA256.algorithm.pointer,
                    start,
                    Int32(clamping: keyBuffer.count),
                    source.baseAddress,
                    source.count,
                    code.baseAddress,
                    nil
                ) != nil
            }
        }
    }
}
