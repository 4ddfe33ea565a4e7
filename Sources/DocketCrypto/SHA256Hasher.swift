internal import Synchronization

/// Makes SHA-256 digests one after another, with one context for all of them.
///
/// A context costs several allocations, which is more than hashing a short text does.
package final class SHA256Hasher: Sendable {
    private let hash: Mutex<SHA256>

    /// Makes the context.
    package init() {
        hash = Mutex(SHA256())
    }

    /// The digest of some bytes.
    package func digest(of bytes: RawSpan) -> SHA256Digest {
        unsafe bytes.withUnsafeBytes { buffer in
            hash.withLock { hash in
                hash.update(unsafe buffer.bytes)
                return hash.finishAndBeginAnew()
            }
        }
    }

    /// The digest of some bytes and those behind them.
    package func digest(of first: RawSpan, _ second: RawSpan) -> SHA256Digest {
        unsafe first.withUnsafeBytes { first in
            unsafe second.withUnsafeBytes { second in
                hash.withLock { hash in
                    hash.update(unsafe first.bytes)
                    hash.update(unsafe second.bytes)
                    return hash.finishAndBeginAnew()
                }
            }
        }
    }
}
