/// Turns the bytes of a terminal into keys, wherever they are split.
///
/// Sequences it does not know are swallowed whole, so that their rest is never typed into a draft.
/// A lone Escape looks like the beginning of a sequence: the caller calls `timedOut()` when nothing
/// arrived for `patience`, which decides it. The memory it takes is bounded whatever arrives.
public struct KeyDecoder: Equatable, Sendable {
    /// The time after which an unfinished sequence is over.
    ///
    /// A sequence is sent in one piece, so this only has to cover what a slow line does to it.
    public static let sequencePatience = Duration.milliseconds(50)

    /// The silence after which a paste without its end marker is over.
    ///
    /// Without this limit, a lost marker would make the keyboard dead.
    public static let pastePatience = Duration.seconds(2)

    /// Bytes kept of a paste.
    ///
    /// More than `LineEditor.maximumDraftBytes`, so a larger paste is refused there, loudly,
    /// instead of being shortened here.
    public static let maximumPasteBytes = 131_072

    /// Parameter bytes of a control sequence; the longest known one has under twenty.
    static let maximumParameterBytes = 32

    private enum State: Equatable, Sendable {
        case ground
        /// Inside a scalar of more than one byte.
        case scalar(ScalarBytes)
        case escape
        /// After `ESC O` (SS3), which function keys begin with.
        case singleShift
        /// After `ESC [` (CSI), with the parameter bytes so far.
        case sequence([UInt8])
        /// Inside a control sequence that is too long to mean anything.
        case overlongSequence
        /// After `ESC [ [`, which the Linux console begins its function keys with.
        case consoleFunction
        /// Inside a string that a terminal may send as a report: swallowed up to its end.
        case string
        /// After the Escape that ends such a string together with the byte behind it.
        case stringEnd
        case paste
    }

    private var state = State.ground

    /// What was pasted so far in the state `paste`, else empty.
    ///
    /// It lies beside the state, since taking it out of there would copy it for each byte.
    private var paste = PasteBytes()

    /// Creates a decoder that waits for the first byte of a key.
    public init() {}

    /// The silence after which `timedOut()` is due; nothing while no sequence is unfinished.
    public var patience: Duration? {
        switch state {
        case .ground: nil
        case .paste: Self.pastePatience
        case .scalar, .escape, .singleShift, .sequence, .overlongSequence, .consoleFunction,
            .string, .stringEnd:
            Self.sequencePatience
        }
    }

    /// The keys that the bytes complete, in their order.
    public mutating func decode(_ bytes: some Sequence<UInt8>) -> [Key] {
        var keys: [Key] = []
        for byte in bytes {
            receive(byte, into: &keys)
        }
        return keys
    }

    /// Ends what is unfinished: a lone Escape becomes that key, a paste ends with what has come,
    /// everything else is dropped.
    public mutating func timedOut() -> Key? {
        defer { self = KeyDecoder() }
        switch state {
        case .escape:
            return .escape
        case .paste:
            return .paste(paste.text)
        case .scalar:
            return .scalar("\u{FFFD}")
        case .ground, .singleShift, .sequence, .overlongSequence, .consoleFunction, .string,
            .stringEnd:
            return nil
        }
    }

    private mutating func receive(_ byte: UInt8, into keys: inout [Key]) {
        switch state {
        case .ground:
            receiveInGround(byte, into: &keys)
        case .scalar(let scalar):
            receiveInScalar(scalar, byte, into: &keys)
        case .escape:
            receiveAfterEscape(byte, into: &keys)
        case .singleShift:
            receiveAfterSingleShift(byte, into: &keys)
        case .sequence(let parameters):
            receiveInSequence(parameters, byte, into: &keys)
        case .overlongSequence:
            receiveInOverlongSequence(byte, into: &keys)
        case .consoleFunction, .stringEnd:
            state = .ground
        case .string:
            receiveInString(byte)
        case .paste:
            receiveInPaste(byte, into: &keys)
        }
    }

    private mutating func receiveInGround(_ byte: UInt8, into keys: inout [Key]) {
        state = .ground
        switch byte {
        case 0x1B:
            state = .escape
        case 0x80...:
            if let scalar = ScalarBytes(first: byte) {
                state = .scalar(scalar)
            } else {
                keys.append(.scalar("\u{FFFD}"))
            }
        default:
            keys.append(Self.key(ascii: byte))
        }
    }

    private mutating func receiveInScalar(
        _ scalar: ScalarBytes,
        _ byte: UInt8,
        into keys: inout [Key]
    ) {
        var scalar = scalar
        switch scalar.append(byte) {
        case .unfinished:
            state = .scalar(scalar)
        case .finished(let value):
            keys.append(.scalar(value))
            state = .ground
        case .malformed:
            keys.append(.scalar("\u{FFFD}"))
            receiveInGround(byte, into: &keys)
        }
    }

    private mutating func receiveAfterEscape(_ byte: UInt8, into keys: inout [Key]) {
        state = .ground
        switch byte {
        case 0x1B:
            keys.append(.escape)
            state = .escape
        case UInt8(ascii: "["):
            state = .sequence([])
        case UInt8(ascii: "O"):
            state = .singleShift
        case UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "]"), UInt8(ascii: "^"),
            UInt8(ascii: "_"):
            state = .string
        case 0x0D, 0x20...0x7F:
            keys.append(.meta(Character(Unicode.Scalar(byte))))
        case 0x80...:
            receiveInGround(byte, into: &keys)
        default:
            break
        }
    }

    private mutating func receiveAfterSingleShift(_ byte: UInt8, into keys: inout [Key]) {
        guard (0x20...0x7E).contains(byte) else { return receiveInGround(byte, into: &keys) }
        state = .ground
        if byte == UInt8(ascii: "M") {
            keys.append(.enter)
        } else if let key = Self.cursorKey(final: byte) {
            keys.append(key)
        }
    }

    private mutating func receiveInSequence(
        _ parameters: [UInt8],
        _ byte: UInt8,
        into keys: inout [Key]
    ) {
        switch byte {
        case 0x20...0x3F where parameters.count < Self.maximumParameterBytes:
            state = .sequence(parameters + [byte])
        case 0x20...0x3F:
            state = .overlongSequence
        case UInt8(ascii: "[") where parameters.isEmpty:
            state = .consoleFunction
        case 0x40...0x7E:
            endSequence(parameters, final: byte, into: &keys)
        default:
            receiveInGround(byte, into: &keys)
        }
    }

    private mutating func endSequence(
        _ parameters: [UInt8],
        final: UInt8,
        into keys: inout [Key]
    ) {
        state = .ground
        if final == UInt8(ascii: "~"), parameters == Array("200".utf8) {
            state = .paste
        } else if let key = Self.key(parameters: parameters, final: final) {
            keys.append(key)
        }
    }

    private mutating func receiveInOverlongSequence(_ byte: UInt8, into keys: inout [Key]) {
        switch byte {
        case 0x20...0x3F: break
        case 0x40...0x7E: state = .ground
        default: receiveInGround(byte, into: &keys)
        }
    }

    /// A string ends with BEL or with `ESC \`, and is given up on CAN and SUB (ECMA-48, 8.3.143).
    private mutating func receiveInString(_ byte: UInt8) {
        switch byte {
        case 0x07, 0x18, 0x1A: state = .ground
        case 0x1B: state = .stringEnd
        default: break
        }
    }

    private mutating func receiveInPaste(_ byte: UInt8, into keys: inout [Key]) {
        guard paste.append(byte) else { return }
        keys.append(.paste(paste.text))
        self = KeyDecoder()
    }
}

extension KeyDecoder {
    private static func key(ascii byte: UInt8) -> Key {
        switch byte {
        case 0x08, 0x7F: .backspace
        case 0x09: .tab
        case 0x0D: .enter
        case 0x01...0x1A: .control(Character(Unicode.Scalar(byte + 0x60)))
        case 0x00: .control(" ")
        case 0x1B...0x1F: .control(Character(Unicode.Scalar(byte + 0x40)))
        default: .scalar(Unicode.Scalar(byte))
        }
    }

    private static func key(parameters: [UInt8], final: UInt8) -> Key? {
        let fields = parameters.split(
            separator: UInt8(ascii: ";"),
            omittingEmptySubsequences: false
        )
        let first = fields.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
        if final == UInt8(ascii: "~") {
            return numberedKey(first)
        }
        guard let key = cursorKey(final: final) else { return nil }
        let isModified = fields.count > 1
        return isModified ? wordwise(key) : key
    }

    private static func cursorKey(final: UInt8) -> Key? {
        switch final {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        case UInt8(ascii: "F"): .end
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "Z"): .backTab
        default: nil
        }
    }

    private static func numberedKey(_ number: String) -> Key? {
        switch number {
        case "1", "7": .home
        case "3": .delete
        case "4", "8": .end
        case "5": .pageUp
        case "6": .pageDown
        default: nil
        }
    }

    /// An arrow with Control or Alt goes by words; other keys mean the same with a modifier.
    private static func wordwise(_ key: Key) -> Key {
        switch key {
        case .left: .wordLeft
        case .right: .wordRight
        default: key
        }
    }
}
