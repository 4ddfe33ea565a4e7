/// Randomness that differs and is no secret, drawn from OpenSSL's generator many numbers at a time.
///
/// What was drawn waits in memory: it is for the chance in ids, of which thousands are made a
/// second, and never for keys, tokens or salts.
package struct PlentifulRandom: RandomNumberGenerator, Sendable {
    /// How many numbers are drawn at a time: at two kilobytes, asking costs as much as drawing.
    private static let numbersAtOnce = 256

    private var source: SecureRandom
    private var numbers: [UInt64] = []

    /// Takes the generator from which to draw.
    package init(from source: SecureRandom) { self.source = source }

    /// The next number.
    package mutating func next() -> UInt64 {
        if numbers.isEmpty { numbers = source.numbers(Self.numbersAtOnce) }
        return numbers.removeLast()
    }
}
