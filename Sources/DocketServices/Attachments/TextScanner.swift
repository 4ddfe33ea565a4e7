/// Looks whether bytes that come piece by piece are plain text: UTF-8 (RFC 3629, section 4) without
/// control characters other than those that break lines and indent.
struct TextScanner {
    /// Whether everything so far is text, or the beginning of it.
    private(set) var isText = true
    /// How many bytes the character that has begun still needs.
    private var missing = 0
    /// What its next byte may be.
    private var allowed: ClosedRange<UInt8> = continuation

    private static let continuation: ClosedRange<UInt8> = 0x80...0xBF

    /// Whether everything so far is text and ends with a whole character.
    var isCompleteText: Bool { isText && missing == 0 }

    /// Looks at further bytes.
    mutating func scan(_ bytes: some Sequence<UInt8>) {
        guard isText else { return }
        for byte in bytes {
            scan(byte)
            guard isText else { return }
        }
    }

    private mutating func scan(_ byte: UInt8) {
        guard missing == 0 else {
            isText = allowed.contains(byte)
            missing -= 1
            allowed = Self.continuation
            return
        }
        switch byte {
        case 0x20...0x7E, UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), 0x0C: return
        case 0xC2...0xDF: expect(1, Self.continuation)
        case 0xE0: expect(2, 0xA0...0xBF)
        case 0xED: expect(2, 0x80...0x9F)
        case 0xE1...0xEF: expect(2, Self.continuation)
        case 0xF0: expect(3, 0x90...0xBF)
        case 0xF1...0xF3: expect(3, Self.continuation)
        case 0xF4: expect(3, 0x80...0x8F)
        default: isText = false
        }
    }

    private mutating func expect(_ count: Int, _ next: ClosedRange<UInt8>) {
        missing = count
        allowed = next
    }
}
