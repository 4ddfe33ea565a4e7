internal import COpenSSL

/// OpenSSL's queue of errors, which every thread has one of.
package enum OpenSSLErrors {
    /// Empties this thread's queue and returns the words of its first error.
    ///
    /// The first error is the cause; those behind it say which functions passed it on.
    package static func drain() -> String {
        var words: String?
        while case let code = ERR_get_error(), code != 0 {
            guard words == nil, let reason = unsafe ERR_reason_error_string(code) else { continue }
            words = unsafe String(cString: reason)
        }
        return words ?? "no details"
    }
}
