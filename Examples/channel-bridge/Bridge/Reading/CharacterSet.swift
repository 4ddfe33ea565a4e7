internal import CMail

/// The character set of a text, as a mail names it.
struct CharacterSet: Hashable, Sendable {
    /// The name in lower case.
    let name: String

    /// Takes the name that a mail says; nil where it says none.
    init(_ name: String?) {
        let name = name?.lowercased() ?? ""
        // What follows in other names would be an option of the converter's.
        let isName = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || "-_.:+".utf8.contains(byte)
        }
        self.name = isName ? name : ""
    }

    /// Sets that say UTF-8, or say nothing: today that is UTF-8.
    private static let likeUTF8: Set<String> = ["", "utf-8", "utf8", "us-ascii", "ascii"]
    /// Names under which mails mean the set of Windows, which has what these leave out.
    private static let likeWindows: Set<String> = ["iso-8859-1", "iso8859-1", "latin1", "l1"]
    private static let windows = "windows-1252"

    /// The text that some bytes are.
    ///
    /// What is no character of the set becomes U+FFFD; nothing is left out.
    ///
    /// A text that says nothing of its set, or names one that nobody knows, is UTF-8 if it can be
    /// and Windows' set otherwise.
    func text(of bytes: [UInt8]) -> String {
        let isUTF8 = Self.likeUTF8.contains(name)
        let known = isUTF8 ? nil : convert(bytes)
        if let known { return known }
        if let valid = String(validating: bytes, as: UTF8.self) { return valid }
        if name == "utf-8" || name == "utf8" { return String(decoding: bytes, as: UTF8.self) }
        return CharacterSet(Self.windows).convert(bytes) ?? String(decoding: bytes, as: UTF8.self)
    }

    /// Has the library convert the text; nil for a set that it does not know.
    private func convert(_ bytes: [UInt8]) -> String? {
        let set = Self.likeWindows.contains(name) ? Self.windows : name
        var converted: [UInt8] = []
        // The visitor's pointer to `converted` is used during the call only, on this thread.
        let isKnown = unsafe withUnsafeMutablePointer(to: &converted) { converted in
            unsafe bytes.withUnsafeBufferPointer {
                unsafe docket_mail_convert(
                    set,
                    $0.baseAddress,
                    $0.count,
                    { context, bytes, count in
                        unsafe context?.assumingMemoryBound(to: [UInt8].self).pointee
                            .append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
                    },
                    converted
                )
            }
        }
        return isKnown == 0 ? nil : String(decoding: converted, as: UTF8.self)
    }
}
