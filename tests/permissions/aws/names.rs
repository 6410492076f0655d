//! Names that the cloud gives: of the resources of an application, by its nodes.

use isobar::graph::{Runner, resource_head};
use isobar::model::{AnyResource, Function, Id, Model, Ordered, Trigger, TriggerSource};

/// The account that everything is in.
pub(crate) const ACCOUNT: &str = "123456789012";

/// Its region.
pub(crate) const REGION: &str = "eu-central-1";

/// The name of a resource in the whole cloud, by its type in Terraform, its own name, and the bus that it is on.
pub(crate) fn arn(kind: &str, name: &str, bus: &str) -> String {
    let (service, rest) = match kind {
        "aws_dynamodb_table" => ("dynamodb", format!("table/{name}")),
        "aws_sqs_queue" => ("sqs", name.to_owned()),
        "aws_sns_topic" => ("sns", name.to_owned()),
        "aws_s3_bucket" => return format!("arn:aws:s3:::{name}"),
        "aws_cloudwatch_event_bus" => ("events", format!("event-bus/{name}")),
        "aws_cloudwatch_event_rule" if bus.is_empty() => ("events", format!("rule/{name}")),
        "aws_cloudwatch_event_rule" => ("events", format!("rule/{bus}/{name}")),
        "aws_secretsmanager_secret" => ("secretsmanager", format!("secret:{name}-Ab1Cd2")),
        "aws_cloudwatch_log_group" => ("logs", format!("log-group:{name}")),
        "aws_lambda_function" => ("lambda", format!("function:{name}")),
        "aws_scheduler_schedule_group" => ("scheduler", format!("schedule-group/{name}")),
        "aws_apigatewayv2_api" => ("execute-api", name.to_owned()),
        "aws_kinesis_firehose_delivery_stream" => ("firehose", format!("deliverystream/{name}")),
        _ => panic!("{kind} has no name in the whole cloud"),
    };
    format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}")
}

/// What the nodes of an application are called.
#[derive(Clone, Copy)]
pub(crate) struct Names<'m> {
    pub(crate) model: &'m Model,
}

impl Names<'_> {
    /// What every name begins with.
    pub(crate) fn app(self) -> String {
        let app = &self.model.app.value;
        let environment = &self.model.environment.name;
        if environment.as_str() == "default" { app.to_string() } else { format!("{app}-{environment}") }
    }

    /// The key that encrypts, where the options name one.
    pub(crate) fn key(self) -> Option<String> {
        let key = self.model.targets.get("aws")?.options.get("key")?;
        key.as_str().map(str::to_owned)
    }

    /// The plain name of a resource.
    pub(crate) fn of(self, resource: AnyResource) -> String {
        let (app, name) = (self.app(), resource_head(self.model, resource).name());
        match resource {
            AnyResource::Bucket(_) => format!("{app}-{name}-{ACCOUNT}"),
            AnyResource::Secret(_) => format!("{app}/{name}"),
            AnyResource::Queue(id) if self.model.queues[id].ordered.value != Ordered::No => {
                format!("{app}-{name}.fifo")
            }
            AnyResource::Queue(_)
            | AnyResource::Table(_)
            | AnyResource::Topic(_)
            | AnyResource::Stream(_)
            | AnyResource::Bus(_)
            | AnyResource::Cache(_)
            | AnyResource::Api(_)
            | AnyResource::Socket(_)
            | AnyResource::Identity(_)
            | AnyResource::Devices(_)
            | AnyResource::Database(_)
            | AnyResource::External(_) => format!("{app}-{name}"),
        }
    }

    /// Its name in the whole cloud.
    pub(crate) fn arn(self, resource: AnyResource) -> String {
        let kind = match resource {
            AnyResource::Table(_) => "aws_dynamodb_table",
            AnyResource::Bucket(_) => "aws_s3_bucket",
            AnyResource::Queue(_) => "aws_sqs_queue",
            AnyResource::Topic(_) => "aws_sns_topic",
            AnyResource::Bus(_) => "aws_cloudwatch_event_bus",
            AnyResource::Secret(_) => "aws_secretsmanager_secret",
            AnyResource::Api(_) => "aws_apigatewayv2_api",
            AnyResource::Stream(_)
            | AnyResource::Cache(_)
            | AnyResource::Socket(_)
            | AnyResource::Identity(_)
            | AnyResource::Devices(_)
            | AnyResource::Database(_)
            | AnyResource::External(_) => panic!("{resource:?} is nothing there"),
        };
        arn(kind, &self.of(resource), "")
    }

    /// The plain name of a function.
    pub(crate) fn function(self, id: Id<Function>) -> String {
        format!("{}-{}", self.app(), self.model.functions[id].head.name())
    }

    /// What is called when a function is called: with warm instances their alias.
    pub(crate) fn called(self, id: Id<Function>) -> String {
        let plain = arn("aws_lambda_function", &self.function(id), "");
        if self.model.functions[id].scaling.warm.is_some() { format!("{plain}:warm") } else { plain }
    }

    /// The rule of a trigger; those of objects are on the bus of the account.
    pub(crate) fn rule(self, runner: Runner, trigger: &Trigger) -> String {
        let Runner::Function(id) = runner else { panic!("no workflow is emitted") };
        let name = format!("{}.{}", self.function(id), trigger.name);
        let bus = match &trigger.source {
            TriggerSource::Event { bus, .. } => self.of(AnyResource::Bus(bus.value)),
            _ => String::new(),
        };
        arn("aws_cloudwatch_event_rule", &name, &bus)
    }
}
