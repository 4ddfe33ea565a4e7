/// A phone number in the form in which it is kept: digits, with a plus sign before an international
/// one.
package struct PhoneNumber: Hashable, Sendable {
    /// The number.
    package let text: String

    /// Reads a number, without the signs by which people part its digits.
    ///
    /// A number without a plus sign is kept as it is: only its owner's country could tell what
    /// stands before it.
    ///
    /// - Throws: `FieldFault` with the path given.
    package init(_ text: String, path: String) throws(FieldFault) {
        let number = text.trimmed
        guard !number.isEmpty else { throw FieldFault(path, .missing) }
        guard number.utf8.count <= ContactLimits.phoneBytes else {
            throw FieldFault(path, .tooLong(limit: ContactLimits.phoneBytes))
        }
        let isInternational = number.hasPrefix("+")
        let digits = number.dropFirst(isInternational ? 1 : 0).filter { !Self.parting.contains($0) }
        guard ContactLimits.phoneDigits.contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { throw FieldFault(path, .invalid) }
        self.text = (isInternational ? "+" : "") + digits
    }

    private static let parting: Set<Character> = [
        " ", "-", ".", "/", "(", ")", "\u{A0}", "\u{2011}", "\u{2013}",
    ]
}
