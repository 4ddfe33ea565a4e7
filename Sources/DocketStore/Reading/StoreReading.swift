/// Reads one consistent moment of the store.
///
/// What is read in a transaction includes what that transaction has written.
package protocol StoreReading: LogReading, AuditReading, RequestReading, PolicyReading,
    IdentityReading, ContactReading, AttachmentReading, TimerReading
{}
