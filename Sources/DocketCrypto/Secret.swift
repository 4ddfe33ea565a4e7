internal import COpenSSL

/// Bytes that must not appear in a log, a crash report or a debugger's summary.
///
/// Its description is `***` wherever Swift would print it. The storage is overwritten when the
/// last copy goes. Two secrets are compared in a time that does not depend on where they differ.
package struct Secret: Sendable, Equatable {
    private let storage: Storage

    /// Makes a secret from bytes; the caller's own copy is not wiped.
    package init(_ bytes: [UInt8]) {
        storage = Storage(bytes)
    }

    /// Makes a secret from the UTF-8 form of a text; the text itself is not wiped.
    package init(_ text: String) {
        self.init(Array(text.utf8))
    }

    /// The number of bytes.
    package var byteCount: Int { storage.bytes.count }

    /// Lends the bytes for the length of a call.
    package func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let bytes = storage.bytes
        return unsafe try body(bytes.span.bytes)
    }

    /// Compares in constant time; only the lengths may be learned.
    package static func == (left: Secret, right: Secret) -> Bool {
        let leftBytes = left.storage.bytes
        let rightBytes = right.storage.bytes
        return unsafe ConstantTime.areEqual(leftBytes.span.bytes, rightBytes.span.bytes)
    }

    /// Owns the bytes, so that there is one place and one moment to wipe them.
    ///
    /// Sendable although it has a variable: that is written in `deinit` only, when nobody else
    /// can hold a reference.
    private final class Storage: @unchecked Sendable {
        private(set) var bytes: [UInt8]

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
        }

        deinit {
            unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe OPENSSL_cleanse(buffer.baseAddress, buffer.count)
            }
        }
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always `***`.
    package var description: String { "***" }

    /// Always `***`.
    package var debugDescription: String { "***" }

    /// Without children, so that `dump` finds nothing to print.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
