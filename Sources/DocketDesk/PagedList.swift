/// The lists that are given by pages.
///
/// A page token names its list, so that no list goes on where another one stopped.
enum PagedList: UInt8 {
    case requests = 1
    case conversations = 2
    case policies = 3
    case hits = 4
    case contacts = 5
    case companies = 6
    case agents = 7
    case keys = 8
    case tickets = 9
}
