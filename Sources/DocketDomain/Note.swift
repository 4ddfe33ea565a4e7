/// An internal comment of a request, which no contact ever sees.
package struct Note: Hashable, Sendable {
    /// The note's id.
    package let id: NoteID
    /// Its place among the notes of its request, from 1.
    package let sequence: UInt64
    /// What was written; 1 to 16,384 bytes.
    package let text: String

    /// Describes a note.
    package init(id: NoteID, sequence: UInt64, text: String) {
        self.id = id
        self.sequence = sequence
        self.text = text
    }
}
