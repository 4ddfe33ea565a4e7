package import DocketCrypto
internal import Synchronization

/// The server context of the moment, which can be replaced while connections are open.
///
/// A connection keeps the context it began with; new ones get the newest.
package final class TLSServerContextHolder: Sendable {
    private let held: Mutex<TLSServerContext>

    /// Holds a first context.
    package init(_ context: TLSServerContext) {
        held = Mutex(context)
    }

    /// The context for a new connection.
    package var context: TLSServerContext {
        held.withLock { $0 }
    }

    /// Makes a context of a new configuration and holds it from now on.
    ///
    /// If none can be made, the old one stays and the error says why.
    package func reload(
        _ configuration: TLSServerConfiguration,
        at now: UnixTime
    ) throws(TLSConfigurationError) {
        let context = try TLSServerContext(configuration, at: now)
        held.withLock { $0 = context }
    }
}
