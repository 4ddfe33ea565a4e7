/// What a scrypt computation costs (RFC 7914).
///
/// Parameters come from stored texts as well as from configuration, so they are limited: a text
/// that somebody has tampered with must not make the server compute for minutes.
package struct ScryptParameters: Equatable, Sendable {
    /// The limits of the cost, as powers of two.
    package static let logarithmicCosts = 1...20
    /// The limits of the block size, in units of 128 bytes.
    package static let blockSizes = 1...32
    /// The limits of the number of rounds, each of which takes the full time.
    package static let parallelisms = 1...8
    /// The most memory in bytes that one computation may take.
    package static let memoryLimit = 256 * 1024 * 1024

    /// 32 MiB and about a fifth of a second on a common server core.
    ///
    /// One of the settings that OWASP's guidance gives for scrypt.
    package static let standard = ScryptParameters(unchecked: 15, 8, 3)

    /// The power of two that is called N.
    package let logarithmicCost: Int
    /// The block size that is called r.
    package let blockSize: Int
    /// The number of rounds that is called p.
    package let parallelism: Int

    /// Makes parameters; nil outside the limits.
    package init?(logarithmicCost: Int, blockSize: Int, parallelism: Int) {
        guard Self.logarithmicCosts.contains(logarithmicCost),
            Self.blockSizes.contains(blockSize), Self.parallelisms.contains(parallelism)
        else { return nil }
        self.init(unchecked: logarithmicCost, blockSize, parallelism)
        guard memory <= Self.memoryLimit else { return nil }
    }

    private init(unchecked logarithmicCost: Int, _ blockSize: Int, _ parallelism: Int) {
        self.logarithmicCost = logarithmicCost
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// N itself.
    var cost: Int { 1 << logarithmicCost }

    /// The memory in bytes that OpenSSL takes for the computation (RFC 7914, sections 4 to 6).
    var memory: Int { 128 * blockSize * (cost + parallelism + 2) }
}
