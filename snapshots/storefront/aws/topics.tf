# resources.alerts (isobar.yaml:37)
resource "aws_sns_topic" "alerts" {
  name = "storefront-alerts"
  # No KMS key: a service of AWS publishes here, and it cannot use the key that AWS manages for SNS.
  # SNS encrypts what it stores either way.

  tags = {
    isobar-node = "resources.alerts"
  }
}

# Without a policy of its own, a topic lets the whole account publish.
resource "aws_sns_topic_policy" "alerts" {
  arn = aws_sns_topic.alerts.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # alarms (isobar.yaml:18)
      {
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = ["sns:Publish"]
        Resource  = [aws_sns_topic.alerts.arn]
        Condition = {
          "ArnLike"      = { "aws:SourceArn" = ["arn:${data.aws_partition.current.partition}:cloudwatch:eu-central-1:${data.aws_caller_identity.current.account_id}:alarm:storefront/*"] }
          "StringEquals" = { "aws:SourceAccount" = [data.aws_caller_identity.current.account_id] }
        }
      },
      # Nothing passes over an unencrypted connection.
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "sns:Publish"
        Resource  = [aws_sns_topic.alerts.arn]
        Condition = {
          Bool = { "aws:SecureTransport" = ["false"] }
        }
      },
    ]
  })
}

output "alerts_topic" {
  description = "ARN of the topic, for subscribers outside of this application."
  value       = aws_sns_topic.alerts.arn
}
