// What can be done at a desk, by what it is done to. Each says who may do it.

extension DocketClient {
    /// Work on requests: the agents', and the opening of requests on purpose.
    public var requests: Requests { Requests(client: self) }

    /// What a partner pushes, and what becomes of it.
    public var tickets: Tickets { Tickets(client: self) }

    /// The desk's contacts.
    public var contacts: Contacts { Contacts(client: self) }

    /// The companies for which the contacts speak.
    public var companies: Companies { Companies(client: self) }

    /// Finding what was said.
    public var search: Search { Search(client: self) }

    /// The agents to whom requests can be handed.
    public var agents: Agents { Agents(client: self) }

    /// The rules of the desk.
    public var policies: Policies { Policies(client: self) }

    /// Who did what, and whether the log is what was written.
    public var audit: Audit { Audit(client: self) }

    /// Agents, keys, sessions, and the server itself: what administrators do.
    public var administration: Administration { Administration(client: self) }

    /// The caller's own session and password.
    public var sessions: Sessions { Sessions(client: self) }
}
