import Testing

/// Tests of the server as a process.
///
/// They run one after another: each starts servers of its own, and many at once would take the
/// processors from each other.
@Suite("The server as a process", .serialized, .timeLimit(.minutes(5)))
struct IntegrationTests {}
