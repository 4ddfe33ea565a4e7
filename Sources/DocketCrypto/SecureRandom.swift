internal import COpenSSL

/// Randomness that nobody can predict, from OpenSSL's generator (RAND_bytes).
///
/// Code that draws keys, tokens or salts takes `some RandomNumberGenerator`, so that tests can
/// pass a generator with a seed; servers and clients pass this one.
package struct SecureRandom: RandomNumberGenerator, Sendable {
    /// The generator of the system's OpenSSL could not be seeded.
    package struct Unavailable: Error, Equatable, Sendable {
        /// OpenSSL's words.
        package let detail: String
    }

    /// Checks that the generator works, so that a system without randomness is found at start.
    package init() throws(Unavailable) {
        _ = try Self.bytes(count: 1)
    }

    /// Eight random bytes as a number.
    ///
    /// The protocol leaves no way to report a failure, and going on with bytes that can be
    /// guessed would be worse than ending the process.
    package mutating func next() -> UInt64 {
        var number: UInt64 = 0
        let filled = unsafe withUnsafeMutableBytes(of: &number) { unsafe Self.fill($0) }
        precondition(filled, "the random generator of OpenSSL failed")
        return number
    }

    /// So many random numbers; it ends the process where `next` does.
    func numbers(_ count: Int) -> [UInt64] {
        var numbers: [UInt64] = Array(repeating: 0, count: count)
        let filled = unsafe numbers.withUnsafeMutableBytes { unsafe Self.fill($0) }
        precondition(filled, "the random generator of OpenSSL failed")
        return numbers
    }

    /// Random bytes for keys, salts and tokens.
    package static func bytes(count: Int) throws(Unavailable) -> [UInt8] {
        var filled = false
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            unsafe filled = fill(UnsafeMutableRawBufferPointer(buffer))
            initialized = filled ? count : 0
        }
        guard filled else { throw Unavailable(detail: OpenSSLErrors.drain()) }
        return bytes
    }

    private static func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Bool {
        let bytes = unsafe buffer.bindMemory(to: UInt8.self)
        guard let count = Int32(exactly: bytes.count) else { return false }
        return unsafe RAND_bytes(bytes.baseAddress, count) == 1
    }
}
