/// Something that the people of the desk note about a contact under a name of their own.
package struct ContactAttribute: Hashable, Sendable {
    /// The name; 1 to 64 bytes of UTF-8.
    package let key: String
    /// The value; at most 256 bytes of UTF-8.
    package let value: String

    /// Describes an attribute.
    package init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}
