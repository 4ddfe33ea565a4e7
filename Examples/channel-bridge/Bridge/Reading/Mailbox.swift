internal import CMail

/// A name and an address, as in a From field.
struct Mailbox: Hashable, Sendable, Codable {
    /// The name as shown; may be empty.
    var name: String
    /// The address, such as `ana@example.org`, with its domain in lower case.
    var address: String

    /// Names a mailbox.
    init(name: String = "", address: String) {
        self.name = name
        self.address = address
    }

    /// Reads the addresses of a field's raw value; what is not one is left out.
    static func all(in raw: String) -> [Mailbox] {
        var mailboxes: [Mailbox] = []
        // The visitor's pointer to `mailboxes` is used during the call only, on this thread.
        unsafe withUnsafeMutablePointer(to: &mailboxes) { mailboxes in
            unsafe docket_mail_addresses(
                raw,
                { context, name, address in
                    guard let name = unsafe name, let address = unsafe address else { return }
                    guard
                        let mailbox = unsafe Mailbox(
                            reading: String(cString: name),
                            String(cString: address)
                        )
                    else { return }
                    unsafe context?.assumingMemoryBound(to: [Mailbox].self).pointee
                        .append(mailbox)
                },
                mailboxes
            )
        }
        return mailboxes
    }

    /// A mailbox whose address has both its halves and nothing that breaks a line; nil otherwise.
    init?(reading name: String, _ address: String) {
        guard let at = address.lastIndex(of: "@"), at != address.startIndex,
            address.index(after: at) != address.endIndex,
            address.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7f }),
            !address.contains(where: { "<>,;\"".contains($0) })
        else { return nil }
        self.init(
            name: OneLine.text(from: name),
            address: address[..<at] + address[at...].lowercased()
        )
    }

    /// The address by which the same sender is known again, whatever the case.
    var key: String { address.lowercased() }
}
