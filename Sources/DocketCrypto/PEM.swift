internal import COpenSSL

/// PEM texts (RFC 7468) by way of OpenSSL's memory buffers.
enum PEM {
    /// Lends a text to a reader of OpenSSL's; nil when there is no memory.
    static func reading<Result>(
        _ text: RawSpan,
        _ body: (OpaquePointer) -> Result?
    ) -> Result? {
        unsafe text.withUnsafeBytes { buffer in
            guard let count = Int32(exactly: buffer.count) else { return nil }
            guard let bio = unsafe BIO_new_mem_buf(buffer.baseAddress, count) else { return nil }
            defer { unsafe BIO_free(bio) }
            return unsafe body(bio)
        }
    }

    /// Collects what a writer of OpenSSL's writes; nil when it fails.
    static func writing(_ body: (OpaquePointer) -> Int32) -> [UInt8]? {
        guard let bio = unsafe BIO_new(BIO_s_mem()) else { return nil }
        defer { unsafe BIO_free(bio) }
        guard unsafe body(bio) == 1 else { return nil }
        return unsafe [UInt8](unsafeUninitializedCapacity: unsafe BIO_ctrl_pending(bio)) {
            buffer,
            initialized in
            _ = unsafe BIO_read_ex(bio, buffer.baseAddress, buffer.count, &initialized)
        }
    }
}
