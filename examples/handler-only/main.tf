terraform {
  required_version = ">= 1.5"
  required_providers {
    archive = { source = "hashicorp/archive", version = "~> 2.4" }
    aws     = { source = "hashicorp/aws", version = ">= 6.0" }
  }
}

variable "database_host" {
  type        = string
  description = "Endpoint of the instance or cluster, such as app.abcdefghijkl.eu-west-1.rds.amazonaws.com"
}

variable "database_port" {
  type    = number
  default = 5432
}

variable "database_resource_id" {
  type        = string
  description = "Its resource id, such as db-ABCDEFGHIJKL01234 or cluster-ABCDEFGHIJKL01234"
}

variable "subnet_ids" {
  type        = list(string)
  description = "Subnets of the database's VPC that lead out to SQS and Cognito, by NAT or by endpoints"
}

variable "security_group_ids" {
  type        = list(string)
  description = "Security groups that the database lets in"
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

data "archive_file" "code" {
  type        = "zip"
  source_dir  = "${path.module}/dist"
  output_path = "${path.module}/dist.zip"
}

locals {
  login_arn = "arn:${data.aws_partition.current.partition}:rds-db:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:dbuser:${var.database_resource_id}/user_sync"
}

resource "aws_cognito_user_pool" "users" {
  name                     = "users"
  username_attributes      = ["email"]
  auto_verified_attributes = ["email"]

  lambda_config {
    post_confirmation = aws_lambda_function.trigger.arn
  }
}

resource "aws_cognito_user_pool_client" "app" {
  name         = "app"
  user_pool_id = aws_cognito_user_pool.users.id
}

# Of this pool and this account alone: whoever else could invoke the function could forge users.
resource "aws_lambda_permission" "trigger" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.trigger.function_name
  principal      = "cognito-idp.amazonaws.com"
  source_arn     = aws_cognito_user_pool.users.arn
  source_account = data.aws_caller_identity.current.account_id
}

resource "aws_lambda_function" "trigger" {
  function_name    = "user-sync-trigger"
  role             = aws_iam_role.trigger.arn
  filename         = data.archive_file.code.output_path
  source_code_hash = data.archive_file.code.output_base64sha256
  handler          = "handler.handler"
  runtime          = "nodejs24.x"
  architectures    = ["arm64"]
  memory_size      = 512
  timeout          = 5 # Cognito waits no longer

  vpc_config {
    subnet_ids         = var.subnet_ids
    security_group_ids = var.security_group_ids
  }

  environment {
    variables = {
      DATABASE_HOST = var.database_host
      DATABASE_PORT = var.database_port
      QUEUE_URL     = aws_sqs_queue.waiting.url
    }
  }

  # Nobody signs up before it may write and queue.
  depends_on = [aws_iam_role_policy.trigger, aws_iam_role_policy_attachment.network]
}

resource "aws_lambda_function" "consumer" {
  function_name    = "user-sync-consumer"
  role             = aws_iam_role.consumer.arn
  filename         = data.archive_file.code.output_path
  source_code_hash = data.archive_file.code.output_base64sha256
  handler          = "consumer.handler"
  runtime          = "nodejs24.x"
  architectures    = ["arm64"]
  memory_size      = 512
  timeout          = 60

  vpc_config {
    subnet_ids         = var.subnet_ids
    security_group_ids = var.security_group_ids
  }

  environment {
    variables = {
      DATABASE_HOST         = var.database_host
      DATABASE_PORT         = var.database_port
      QUEUE_URL             = aws_sqs_queue.waiting.url
      DEAD_LETTER_QUEUE_URL = aws_sqs_queue.dead_letters.url
      USER_POOL_ID          = aws_cognito_user_pool.users.id
    }
  }

  depends_on = [aws_iam_role_policy.consumer, aws_iam_role_policy_attachment.network]
}

resource "aws_lambda_event_source_mapping" "queue" {
  event_source_arn                   = aws_sqs_queue.waiting.arn
  function_name                      = aws_lambda_function.consumer.arn
  batch_size                         = 1000
  maximum_batching_window_in_seconds = 1
  function_response_types            = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = 2
  }
}

resource "aws_sqs_queue" "waiting" {
  name                       = "user-sync"
  sqs_managed_sse_enabled    = true
  message_retention_seconds  = 345600 # 4 days
  visibility_timeout_seconds = 360    # six times the consumer's timeout

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = 1000 # the consumer decides who can never be written: an outage must not
  })
}

resource "aws_sqs_queue" "dead_letters" {
  name                      = "user-sync-dead-letters"
  sqs_managed_sse_enabled   = true
  message_retention_seconds = 1209600 # 14 days
}

resource "aws_sqs_queue_policy" "only_tls" {
  for_each  = { waiting = aws_sqs_queue.waiting, dead_letters = aws_sqs_queue.dead_letters }
  queue_url = each.value.url

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Deny", Principal = "*", Action = "sqs:*", Resource = each.value.arn, Condition = { Bool = { "aws:SecureTransport" = "false" } } },
    ]
  })
}

resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  alarm_name          = "user-sync-dead-letters"
  alarm_description   = "Users could not be written. See why with npx cognito-user-sync dead-letters list"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.dead_letters.name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
}

resource "aws_iam_role" "trigger" {
  name_prefix        = "user-sync-trigger-"
  assume_role_policy = local.assumed_by_lambda
}

resource "aws_iam_role_policy" "trigger" {
  role = aws_iam_role.trigger.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "rds-db:connect", Resource = local.login_arn },
      { Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.waiting.arn },
    ]
  })
}

resource "aws_iam_role" "consumer" {
  name_prefix        = "user-sync-consumer-"
  assume_role_policy = local.assumed_by_lambda
}

resource "aws_iam_role_policy" "consumer" {
  role = aws_iam_role.consumer.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "rds-db:connect", Resource = local.login_arn },
      {
        Effect   = "Allow"
        Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility", "sqs:SendMessage"]
        Resource = aws_sqs_queue.waiting.arn
      },
      { Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.dead_letters.arn },
      { Effect = "Allow", Action = ["cognito-idp:ListUsers", "cognito-idp:AdminGetUser"], Resource = aws_cognito_user_pool.users.arn },
    ]
  })
}

# Log lines, and network interfaces in the VPC.
resource "aws_iam_role_policy_attachment" "network" {
  for_each   = { trigger = aws_iam_role.trigger.name, consumer = aws_iam_role.consumer.name }
  role       = each.value
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
}

locals {
  assumed_by_lambda = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

output "user_pool_id" {
  value = aws_cognito_user_pool.users.id
}

output "client_id" {
  value = aws_cognito_user_pool_client.app.id
}

output "dead_letter_queue_url" {
  value = aws_sqs_queue.dead_letters.url
}

output "trigger_function" {
  value = aws_lambda_function.trigger.function_name
}
