/// A value as those outside the staff may see it: contacts, and the integrations and partners that
/// speak for them.
///
/// Only this folder makes one, and it does so by copying what is allowed, part by part: what a
/// value gets later stays hidden until somebody copies it here. Whatever writes to a contact takes
/// nothing else.
package struct ContactView<Value: Sendable>: Sendable {
    /// The value, with nothing in it that is for the staff alone.
    package let value: Value

    /// Takes a value into which nothing was copied but what is allowed.
    init(allowed value: Value) { self.value = value }
}
