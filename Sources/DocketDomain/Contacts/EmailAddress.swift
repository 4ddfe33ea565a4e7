/// An e-mail address in the form in which it is kept.
///
/// The domain is in lower case. The part before it is kept as it was written, since its case is
/// the receiving server's affair (RFC 5321, section 2.4).
package struct EmailAddress: Hashable, Sendable {
    /// The address.
    package let text: String

    /// By what the address is found: people write the same address in any case.
    package var searchKey: String { text.lowercased() }

    /// Reads an address, without the white space around it.
    ///
    /// Quoted local parts and addresses of hosts in brackets are refused: no person writes them.
    ///
    /// - Throws: `FieldFault` with the path given.
    package init(_ text: String, path: String) throws(FieldFault) {
        let address = text.trimmed
        guard !address.isEmpty else { throw FieldFault(path, .missing) }
        guard address.utf8.count <= ContactLimits.emailBytes else {
            throw FieldFault(path, .tooLong(limit: ContactLimits.emailBytes))
        }
        guard let separator = address.lastIndex(of: "@"),
            Self.isLocalPart(address[..<separator]),
            Self.isDomain(address[address.index(after: separator)...])
        else { throw FieldFault(path, .invalid) }
        self.text = address[...separator] + address[separator...].dropFirst().lowercased()
    }

    private static func isLocalPart(_ text: Substring) -> Bool {
        (1...ContactLimits.emailLocalPartBytes).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.value > 0x20 && scalar.value != 0x7F && !excluded.contains(scalar)
            }
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
                !$0.isEmpty
            }
    }

    /// What RFC 5322, section 3.2.3, keeps for other uses.
    private static let excluded: Set<Unicode.Scalar> = [
        "(", ")", "<", ">", "[", "]", ":", ";", "@", "\\", ",", "\"",
    ]

    private static func isDomain(_ text: Substring) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...ContactLimits.domainLabelBytes).contains(label.utf8.count)
                && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.unicodeScalars.allSatisfy { scalar in
                    scalar == "-" || scalar.properties.isAlphabetic
                        || scalar.properties.numericType != nil
                }
        }
    }
}
