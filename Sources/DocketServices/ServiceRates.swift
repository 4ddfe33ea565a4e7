package import DocketRPC

/// How often callers may do what costs the desk something.
package struct ServiceRates: Equatable, Sendable {
    /// Commands of one contact: faster than anybody types, slower than a program that runs wild.
    package var contact = CallRate(burst: 100, perSecond: 20)
    /// New guests from one network: each leaves a row behind for ever.
    package var guests = CallRate(burst: 5, perSecond: 5)
    /// Wrong secrets from one network: few enough that guessing a password takes centuries.
    package var attempts = CallRate(burst: 10, perSecond: 1)
    /// Sign-ins from one network, right or wrong, of those who exist: one beyond the limit of
    /// sessions leaves an entry in the log for ever.
    ///
    /// New guests have a rate of their own.
    package var signIns = CallRate(burst: 200, perSecond: 20)
    /// Whether this machine's own addresses are spared from `guests`, `attempts` and `signIns`.
    package var sparesLoopback = true

    /// The rates of a server.
    package init() {}
}
