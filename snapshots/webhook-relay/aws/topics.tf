# resources.attention (isobar.yaml:24)
resource "aws_sns_topic" "attention" {
  name = "webhook-relay-attention"
  # No KMS key: a service of AWS publishes here, and it cannot use the key that AWS manages for SNS.
  # SNS encrypts what it stores either way.

  tags = {
    isobar-node = "resources.attention"
  }
}

# Without a policy of its own, a topic lets the whole account publish.
resource "aws_sns_topic_policy" "attention" {
  arn = aws_sns_topic.attention.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # alarms (isobar.yaml:9)
      {
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = ["sns:Publish"]
        Resource  = [aws_sns_topic.attention.arn]
        Condition = {
          "ArnLike"      = { "aws:SourceArn" = ["arn:${data.aws_partition.current.partition}:cloudwatch:eu-central-1:${data.aws_caller_identity.current.account_id}:alarm:webhook-relay/*"] }
          "StringEquals" = { "aws:SourceAccount" = [data.aws_caller_identity.current.account_id] }
        }
      },
      # Nothing passes over an unencrypted connection.
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "sns:Publish"
        Resource  = [aws_sns_topic.attention.arn]
        Condition = {
          Bool = { "aws:SecureTransport" = ["false"] }
        }
      },
    ]
  })
}

output "attention_topic" {
  description = "ARN of the topic, for subscribers outside of this application."
  value       = aws_sns_topic.attention.arn
}

# resources.large (isobar.yaml:23)
resource "aws_sns_topic" "large" {
  name              = "webhook-relay-large"
  kms_master_key_id = "alias/aws/sns"

  tags = {
    isobar-node = "resources.large"
  }
}

# Without a policy of its own, a topic lets the whole account publish.
resource "aws_sns_topic_policy" "large" {
  arn = aws_sns_topic.large.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # Nothing passes over an unencrypted connection.
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "sns:Publish"
        Resource  = [aws_sns_topic.large.arn]
        Condition = {
          Bool = { "aws:SecureTransport" = ["false"] }
        }
      },
    ]
  })
}

# functions.deliver-desk: trigger topic-large (isobar.yaml:93)
resource "aws_sns_topic_subscription" "deliver_desk__topic_large" {
  topic_arn = aws_sns_topic.large.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.deliver_desk.arn

  # What cannot be handed to the function at all; what it fails at, Lambda sets aside.
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.relay_failed.arn })

  depends_on = [aws_sqs_queue_policy.relay_failed]
}

# trigger topic-large (isobar.yaml:93)
resource "aws_lambda_permission" "deliver_desk__topic_large" {
  statement_id  = "deliver_desk__topic_large"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.deliver_desk.arn
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.large.arn
}
