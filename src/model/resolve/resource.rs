//! Resources that need little: each with what it left out.

use std::collections::HashMap;
use std::sync::Arc;

use super::names::Sorted;
use super::{Resolver, cors, given};
use crate::base::{Duration, Section, Span, Spanned};
use crate::diag::Finding;
use crate::model::{
    Api, Arena, Attribute, AttributeType, Auth, Bucket, Bus, Cache, Database, Devices, Engine, Expiry, External,
    Function, Identity, Index, Jwt, Ordered, Rotation, Secret, Socket, Stream, Table, TableKey, Throttle, Topic,
    TriggerSource, Workflow,
};
use crate::spec;

/// Retention of a stream that says nothing, and of the changes of a table.
pub(super) const STREAM_RETENTION: Duration = Duration::from_secs(86_400);

macro_rules! head {
    ($name:expr, $node:expr) => {
        Self::head(Section::Resources, $name, $node.renamed_from.as_ref(), $node.overrides.as_ref())
    };
}

/// Every declaration of a kind, in order.
fn each<'s, S, T>(
    list: &Sorted<'s, S>,
    mut resolve: impl FnMut(&'s Spanned<crate::base::Name>, &'s S) -> T,
) -> Arena<T> {
    let mut arena = Arena::default();
    for (name, node) in list {
        arena.push(resolve(name, node));
    }
    arena
}

impl Resolver<'_> {
    pub(super) fn resolve_tables(
        &mut self,
        functions: &[Option<Function>],
        workflows: &[Option<Workflow>],
    ) -> Arena<Table> {
        let list = std::mem::take(&mut self.names.tables);
        let mut read = vec![false; list.len()];
        let triggers = functions.iter().flatten().flat_map(|f| &f.triggers);
        for trigger in triggers.chain(workflows.iter().flatten().flat_map(|w| &w.triggers)) {
            if let TriggerSource::Change { from, .. } = &trigger.source
                && let Some(slot) = read.get_mut(from.value.index())
            {
                *slot = true;
            }
        }
        let defaults = self.spec.defaults.as_ref().and_then(|d| d.table.as_ref());
        let mut read = read.into_iter();
        each(&list, |name, table| {
            let key = self.table_key(&table.key);
            let mut indexes: Vec<Index> = (table.indexes.iter().flat_map(spec::Map::iter))
                .map(|(name, key)| Index { name: name.clone(), key: self.table_key(key) })
                .collect();
            indexes.sort_by(|a, b| a.name.value.cmp(&b.name.value));
            self.check_attributes(&key, &indexes);
            if let Some(expires) = &table.expires {
                self.check_expires(expires, &key, &indexes);
            }
            let recovery = defaults.and_then(|d| d.recovery.as_ref());
            Table {
                head: head!(name, table),
                key,
                indexes,
                expires: table.expires.clone(),
                recovery: given(table.recovery.as_ref(), recovery, name.span, false, "recovery was not asked for"),
                changes: read.next().unwrap_or(false),
            }
        })
    }

    fn table_key(&mut self, key: &spec::TableKey) -> TableKey {
        let attribute = |a: &spec::KeyAttribute| Attribute { name: a.name.clone(), kind: a.kind };
        if let Some(sort) = key.sort.as_ref().filter(|sort| sort.name.value == key.partition.name.value) {
            let message = format!("`{}` is both the partition key and the sort key", sort.name.value);
            let finding = Finding::error("attribute-clash", sort.name.span, message);
            self.report(finding.related(key.partition.name.span, "the partition key").help("take another attribute"));
        }
        TableKey { partition: attribute(&key.partition), sort: key.sort.as_ref().map(attribute) }
    }

    /// A row expires at a number, and one that tells rows apart would be another for each time.
    fn check_expires(&mut self, expires: &Spanned<Arc<str>>, key: &TableKey, indexes: &[Index]) {
        let keys = std::iter::once(key).chain(indexes.iter().map(|i| &i.key));
        let attributes = keys.flat_map(|k| std::iter::once(&k.partition).chain(&k.sort));
        let is_fit = |a: &&Attribute| a.kind == AttributeType::Number && a.name.span != key.partition.name.span;
        let Some(other) = attributes.filter(|a| a.name.value == expires.value).find(|a| !is_fit(a)) else { return };
        let message = format!("`{}` is the time at which a row expires, and a key of another meaning", expires.value);
        let finding = Finding::error("attribute-clash", expires.span, message);
        let help = "name an attribute that holds the seconds since 1970, such as `expires: ttl`";
        self.report(finding.related(other.name.span, "the key").help(help));
    }

    /// An attribute has one type in all keys of a table.
    fn check_attributes(&mut self, key: &TableKey, indexes: &[Index]) {
        let keys = std::iter::once(key).chain(indexes.iter().map(|i| &i.key));
        let mut seen: HashMap<&str, &Attribute> = HashMap::new();
        for attribute in keys.flat_map(|k| std::iter::once(&k.partition).chain(&k.sort)) {
            match seen.insert(&attribute.name.value, attribute) {
                Some(other) if other.kind != attribute.kind => {
                    let name = &attribute.name;
                    let message =
                        format!("`{}` is a {} here and a {} elsewhere", name.value, attribute.kind, other.kind);
                    let finding = Finding::error("attribute-clash", name.span, message);
                    self.report(
                        finding.related(other.name.span, "elsewhere").help("give it the same type in all keys"),
                    );
                }
                Some(_) | None => {}
            }
        }
    }

    pub(super) fn resolve_buckets(&self) -> Arena<Bucket> {
        let defaults = self.spec.defaults.as_ref().and_then(|d| d.bucket.as_ref());
        each(&self.names.buckets, |name, bucket| {
            let versioned = defaults.and_then(|d| d.versioned.as_ref());
            let expire = bucket.expire.iter().flat_map(|list| &list.0).map(|expiry| Expiry {
                prefix: expiry.prefix.clone().unwrap_or_else(|| Spanned::new("".into(), expiry.span)),
                after: expiry.after,
            });
            Bucket {
                head: head!(name, bucket),
                versioned: given(bucket.versioned.as_ref(), versioned, name.span, false, "versions were not asked for"),
                expire: expire.collect(),
                cors: bucket.cors.as_ref().map(|written| cors::resolve(written, &[], name.span)),
                public: given(bucket.public.as_ref(), None, name.span, false, "nothing is public unless it says so"),
            }
        })
    }

    pub(super) fn resolve_topics(&mut self) -> Arena<Topic> {
        let list = std::mem::take(&mut self.names.topics);
        each(&list, |name, topic| {
            let carries = topic.carries.as_ref().and_then(|event| self.find_event(event));
            let ordered = given(topic.ordered.as_ref(), None, name.span, Ordered::No, "order was not asked for");
            if let Some(span) = topic.ordered.as_ref().map(|o| o.span) {
                self.check_order(ordered.value, span, name, carries.as_ref(), topic.carries.is_some() || topic.broken);
            }
            Topic {
                head: head!(name, topic),
                carries,
                ordered,
                external_subscribers: given(
                    topic.external_subscribers.as_ref(),
                    None,
                    name.span,
                    false,
                    "nobody outside was said to subscribe",
                ),
            }
        })
    }

    pub(super) fn resolve_streams(&mut self) -> Arena<Stream> {
        let list = std::mem::take(&mut self.names.streams);
        let defaults = self.spec.defaults.as_ref().and_then(|d| d.stream.as_ref());
        each(&list, |name, stream| Stream {
            head: head!(name, stream),
            carries: stream.carries.as_ref().and_then(|event| self.find_event(event)),
            retention: given(
                stream.retention.as_ref(),
                defaults.and_then(|d| d.retention.as_ref()),
                name.span,
                STREAM_RETENTION,
                "a stream keeps records for 24 hours unless it says otherwise",
            ),
            shards: stream.shards.as_ref().map(|n| (*n).map(|n| n.0)),
        })
    }

    /// The bus that `emits` goes to: the one that says so, or an only one.
    pub(super) fn resolve_default_bus(&mut self) {
        let mut said: Vec<(usize, Span)> = Vec::new();
        for (i, (_, bus)) in self.names.buses.iter().enumerate() {
            said.extend(bus.default.as_ref().filter(|d| d.value).map(|d| (i, d.span)));
        }
        if let [(_, first), (_, second), ..] = said.as_slice() {
            let finding = Finding::error("two-default-buses", *second, "two buses are the default");
            let finding = finding.related(*first, "the other one").help("remove `default: true` from one");
            self.report(finding);
        }
        let only = (self.names.buses.len() == 1).then_some(0);
        let only = only
            .filter(|_| self.names.buses.first().is_some_and(|(_, bus)| bus.default.as_ref().is_none_or(|d| d.value)));
        self.default_bus = said.first().map(|(i, _)| *i).or(only).map(Arena::id_at);
    }

    pub(super) fn resolve_buses(&self) -> Arena<Bus> {
        let mut index = 0;
        each(&self.names.buses, |name, bus| {
            let default = self.default_bus == Some(Arena::id_at(index));
            index += 1;
            Bus { head: head!(name, bus), default }
        })
    }

    pub(super) fn resolve_secrets(&mut self) -> Arena<Secret> {
        let list = std::mem::take(&mut self.names.secrets);
        each(&list, |name, secret| {
            let rotate = secret
                .rotate
                .as_ref()
                .map(|rotate| Rotation { every: rotate.every, by: rotate.by.as_ref().and_then(|by| self.find(by)) });
            Secret { head: head!(name, secret), rotate }
        })
    }

    pub(super) fn resolve_caches(&self) -> Arena<Cache> {
        each(&self.names.caches, |name, cache| Cache { head: head!(name, cache), memory: cache.memory })
    }

    /// What routes inherit.
    pub(super) fn resolve_api_defaults(&mut self) {
        let defaults = self.spec.defaults.as_ref().and_then(|d| d.api.as_ref());
        let inherited = |api: &spec::Api| {
            let auth = api.auth.as_ref().or_else(|| defaults.and_then(|d| d.auth.as_ref()));
            let throttle = api.throttle.as_ref().or_else(|| defaults.and_then(|d| d.throttle.as_ref()));
            (auth.map_or(Auth::Unstated, self::auth), throttle.map(self::throttle))
        };
        self.apis = self.names.apis.iter().map(|(_, api)| inherited(api)).collect();
    }

    pub(super) fn resolve_apis(&self, functions: &[Option<Function>]) -> Arena<Api> {
        let needs = cors::needs(functions.iter().flatten());
        let mut index = 0;
        let defaults = self.spec.defaults.as_ref().and_then(|d| d.api.as_ref());
        let mut inherited = self.apis.iter();
        each(&self.names.apis, |name, api| {
            let (auth, throttle) = inherited.next().cloned().unwrap_or((Auth::Unstated, None));
            let cors = api.cors.as_ref().or_else(|| defaults.and_then(|d| d.cors.as_ref()));
            let needs = needs.get(&Arena::id_at(index)).map_or(&[][..], Vec::as_slice);
            index += 1;
            let cors = cors.map(|written| cors::resolve(written, needs, name.span));
            Api { head: head!(name, api), auth, cors, throttle }
        })
    }

    pub(super) fn resolve_sockets(&self) -> Arena<Socket> {
        each(&self.names.sockets, |name, socket| Socket {
            head: head!(name, socket),
            auth: socket.auth.as_ref().map_or(Auth::Unstated, auth),
        })
    }

    pub(super) fn resolve_identities(&self) -> Arena<Identity> {
        each(&self.names.identities, |name, identity| Identity { head: head!(name, identity) })
    }

    pub(super) fn resolve_devices(&self) -> Arena<Devices> {
        each(&self.names.devices, |name, devices| Devices { head: head!(name, devices) })
    }

    pub(super) fn resolve_databases(&self) -> Arena<Database> {
        each(&self.names.databases, |name, database| Database {
            head: head!(name, database),
            engine: given(database.engine.as_ref(), None, name.span, Engine::Postgres, "no engine was given"),
        })
    }

    pub(super) fn resolve_externals(&self) -> Arena<External> {
        each(&self.names.externals, |name, external| {
            // The bounds of the declaration make it fit.
            let port = external.port.as_ref().map(|p| (*p).map(|p| u16::try_from(p.0).unwrap_or(u16::MAX)));
            External {
                head: head!(name, external),
                host: external.host.clone().map(|h| h.0),
                port: given(port.as_ref(), None, name.span, 443, "a host is reached over TLS"),
            }
        })
    }
}

/// Who may call, as written.
pub(super) fn auth(auth: &spec::Auth) -> Auth {
    match auth {
        spec::Auth::Public(span) => Auth::Public(*span),
        spec::Auth::Jwt(jwt) => {
            Auth::Jwt(Jwt { issuer: jwt.issuer.clone().map(|i| i.0), audience: jwt.audience.0.clone() })
        }
    }
}

/// A burst that is left out is the rate.
pub(super) fn throttle(throttle: &spec::Throttle) -> Throttle {
    let count = |n: &Spanned<spec::Count<1, 1_000_000>>| (*n).map(|n| n.0);
    let rate = count(&throttle.rate);
    Throttle { rate, burst: throttle.burst.as_ref().map_or(rate, count) }
}
